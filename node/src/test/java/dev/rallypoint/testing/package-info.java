/** What the tests of several rooms share: a node on free ports, and plain sockets to talk to it. */
@NullMarked
package dev.rallypoint.testing;

import org.jspecify.annotations.NullMarked;
