-- Events that have happened and are still to be published, in the order of their positions.
CREATE TABLE runtime_outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    event text NOT NULL
);
