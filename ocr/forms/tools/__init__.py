"""Tools that measure a blank form's image; nothing of the image enters what they write."""
