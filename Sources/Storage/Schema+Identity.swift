// The tables of who is calling and of who looked: migrations of `Schema`.

extension Schema {
    /// Who is calling, and who looked. The trail is only added to; what proves it whole is in `Store+Audit.swift`.
    static let fifth = [
        "ALTER TABLE profiles ADD COLUMN sealed_pin BLOB",
        // Tries outlive the PIN and the call. `seen_at` tells when the clock has been set back.
        """
        CREATE TABLE guesses (
            subject INTEGER PRIMARY KEY REFERENCES subjects (id) ON DELETE CASCADE,
            failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
            locked_until INTEGER NOT NULL DEFAULT 0,
            codes INTEGER NOT NULL DEFAULT 0 CHECK (codes >= 0),
            codes_since INTEGER NOT NULL DEFAULT 0,
            seen_at INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE codes (
            conversation TEXT PRIMARY KEY,
            subject INTEGER NOT NULL REFERENCES subjects (id) ON DELETE CASCADE,
            sealed_hash BLOB NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            made_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX codes_of_subject ON codes (subject)",
        """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            by TEXT NOT NULL,
            act TEXT NOT NULL,
            about TEXT,
            proof BLOB NOT NULL CHECK (length(proof) = 32)
        ) STRICT
        """,
        // The last line, proved apart from it: without it nobody would miss lines at the end.
        """
        CREATE TABLE audit_head (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            subject INTEGER NOT NULL REFERENCES subjects (id),
            number INTEGER NOT NULL,
            proof BLOB NOT NULL CHECK (length(proof) = 32)
        ) STRICT
        """,
        """
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END
        """,
        """
        CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END
        """,
        // Also against INSERT OR REPLACE, which is no DELETE. A gap is left on purpose where the end had been tampered with.
        """
        CREATE TRIGGER audit_goes_on BEFORE INSERT ON audit
        WHEN NEW.number <= (SELECT coalesce(max(number), 0) FROM audit)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END
        """,
    ]

    /// Old lines of the trail are closed from its beginning. `last` is the proof of the last line that went.
    static let seventh = [
        """
        CREATE TABLE audit_base (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            number INTEGER NOT NULL,
            last BLOB NOT NULL CHECK (length(last) = 32),
            proof BLOB NOT NULL CHECK (length(proof) = 32)
        ) STRICT
        """,
        "DROP TRIGGER audit_is_not_shortened",
        """
        CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
        WHEN OLD.number > coalesce((SELECT number FROM audit_base), 0)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only closed from its beginning'); END
        """,
        """
        CREATE TRIGGER audit_base_moves_on BEFORE UPDATE ON audit_base WHEN NEW.number <= OLD.number
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only closed from its beginning'); END
        """,
        """
        CREATE TRIGGER audit_base_stays BEFORE DELETE ON audit_base
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only closed from its beginning'); END
        """,
    ]
}
