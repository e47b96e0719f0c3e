/** Tests of the lab's own parts that need no namespaces. */
@NullMarked
package dev.rallypoint.loadtest.lab;

import org.jspecify.annotations.NullMarked;
