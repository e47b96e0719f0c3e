/** How a node and its process end: signals, leaving the cluster, time limits, exit codes. */
@NullMarked
package dev.rallypoint.app.lifecycle;

import org.jspecify.annotations.NullMarked;
