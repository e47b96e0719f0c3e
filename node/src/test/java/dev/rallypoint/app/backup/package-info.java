/** Backups of real files and databases, and their restore. */
@NullMarked
package dev.rallypoint.app.backup;

import org.jspecify.annotations.NullMarked;
