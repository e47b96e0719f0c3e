package dev.rallypoint.config;

import java.nio.file.Path;

/**
 * The database's settings.
 *
 * @param file the SQLite file, hbbs's {@code db_v2.sqlite3}
 */
public record StoreSettings(Path file) {}
