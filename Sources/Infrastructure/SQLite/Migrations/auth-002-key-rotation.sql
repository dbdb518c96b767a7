-- A key is published before it signs. Keys of earlier releases, which leave this out, sign from created_at on.
ALTER TABLE auth_signing_keys ADD COLUMN signs_from REAL;
