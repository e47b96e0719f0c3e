/** Tests of the simulated client; what needs a server's mind is tested against the node. */
@NullMarked
package dev.rallypoint.loadtest;

import org.jspecify.annotations.NullMarked;
