/** The port for messages between nodes, which takes the place of Artery's own listener. */
@NullMarked
package dev.rallypoint.bootstrap.port;

import org.jspecify.annotations.NullMarked;
