/** A short test of one packaged node; the build of packages records the node's start by it. */
@NullMarked
package dev.rallypoint.loadtest.smoke;

import org.jspecify.annotations.NullMarked;
