CREATE TABLE auth_users (
    id text PRIMARY KEY,
    username text NOT NULL UNIQUE,
    email text UNIQUE,
    name text,
    is_administrator boolean NOT NULL,
    is_disabled boolean NOT NULL,
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE auth_codes (
    hash text PRIMARY KEY,
    client_id text NOT NULL,
    redirect_uri text NOT NULL,
    user_id text NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
    scope text NOT NULL,
    code_challenge text NOT NULL,
    nonce text,
    family text NOT NULL,
    authenticated_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    forgotten_at timestamptz NOT NULL,
    consumed_at timestamptz
);
CREATE INDEX auth_codes_forgotten ON auth_codes (forgotten_at);
CREATE INDEX auth_codes_user ON auth_codes (user_id);

CREATE TABLE auth_refresh_tokens (
    hash text PRIMARY KEY,
    family text NOT NULL,
    user_id text NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
    client_id text NOT NULL,
    scope text NOT NULL,
    authenticated_at timestamptz NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    rotated_at timestamptz
);
CREATE INDEX auth_refresh_tokens_expiry ON auth_refresh_tokens (expires_at);
CREATE INDEX auth_refresh_tokens_user ON auth_refresh_tokens (user_id);

CREATE TABLE auth_revoked_families (
    family text PRIMARY KEY,
    revoked_at timestamptz NOT NULL,
    forgotten_at timestamptz NOT NULL
);
CREATE INDEX auth_revoked_families_forgotten ON auth_revoked_families (forgotten_at);

CREATE TABLE auth_signing_keys (
    kid text PRIMARY KEY,
    private_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz
);
-- One active key at most.
CREATE UNIQUE INDEX auth_signing_keys_active ON auth_signing_keys ((retired_at IS NULL)) WHERE retired_at IS NULL;
