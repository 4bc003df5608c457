-- What waits for a day, or for a person once it is paid in part: few among the bodies of all documents.
CREATE INDEX document_data_until ON document_data ((body->>'until')) WHERE kind = 'attend';
CREATE INDEX document_data_not_computed ON document_data (document_id) WHERE kind = 'not_computed';
