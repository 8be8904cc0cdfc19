"""stub."""


class Migrated: ...


class MigrationProgress: ...
