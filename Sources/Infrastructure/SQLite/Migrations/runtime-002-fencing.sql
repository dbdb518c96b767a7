-- The largest fencing token under which a session was written: whoever comes with a smaller one is refused.
ALTER TABLE runtime_session ADD COLUMN fencing_token INTEGER NOT NULL DEFAULT 0;
