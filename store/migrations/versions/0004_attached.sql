-- Children of two parents are found by either: few have attachments of their own.
CREATE INDEX insured_attached ON insured USING gin ((body->'rattachements') jsonb_path_ops)
    WHERE body->'rattachements' <> '[]'::jsonb;
