/** Backups of a node or a cluster: one file with the peers and the key pair, and its restore. */
@NullMarked
package dev.rallypoint.app.backup;

import org.jspecify.annotations.NullMarked;
