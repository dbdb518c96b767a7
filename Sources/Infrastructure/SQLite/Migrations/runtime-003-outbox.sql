-- Events that have happened and are still to be published, in the order of their positions.
CREATE TABLE runtime_outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL
) STRICT;
