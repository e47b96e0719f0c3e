/** The HTTP port for operators: health, metrics, and what they ask and tell a node. */
@NullMarked
package dev.rallypoint.app.management;

import org.jspecify.annotations.NullMarked;
