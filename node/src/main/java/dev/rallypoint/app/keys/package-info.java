/** The key pair of a node: key files in the format of hbbs, and the pair of a cluster. */
@NullMarked
package dev.rallypoint.app.keys;

import org.jspecify.annotations.NullMarked;
