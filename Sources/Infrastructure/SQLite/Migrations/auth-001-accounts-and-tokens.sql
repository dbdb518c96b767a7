-- Instants are seconds since 1970.
CREATE TABLE auth_users (
    id TEXT PRIMARY KEY NOT NULL,
    username TEXT NOT NULL UNIQUE,
    email TEXT UNIQUE,
    name TEXT,
    is_administrator INTEGER NOT NULL,
    is_disabled INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    created_at REAL NOT NULL
) STRICT;

CREATE TABLE auth_codes (
    hash TEXT PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES auth_users(id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    nonce TEXT,
    family TEXT NOT NULL,
    authenticated_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    forgotten_at REAL NOT NULL,
    consumed_at REAL
) STRICT, WITHOUT ROWID;
CREATE INDEX auth_codes_forgotten ON auth_codes(forgotten_at);
CREATE INDEX auth_codes_user ON auth_codes(user_id);

CREATE TABLE auth_refresh_tokens (
    hash TEXT PRIMARY KEY NOT NULL,
    family TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES auth_users(id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    authenticated_at REAL NOT NULL,
    issued_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    rotated_at REAL
) STRICT, WITHOUT ROWID;
CREATE INDEX auth_refresh_tokens_expiry ON auth_refresh_tokens(expires_at);
CREATE INDEX auth_refresh_tokens_user ON auth_refresh_tokens(user_id);

CREATE TABLE auth_revoked_families (
    family TEXT PRIMARY KEY NOT NULL,
    revoked_at REAL NOT NULL,
    forgotten_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE auth_signing_keys (
    kid TEXT PRIMARY KEY NOT NULL,
    private_key BLOB NOT NULL,
    created_at REAL NOT NULL,
    retired_at REAL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX auth_signing_keys_active ON auth_signing_keys(retired_at IS NULL) WHERE retired_at IS NULL;
