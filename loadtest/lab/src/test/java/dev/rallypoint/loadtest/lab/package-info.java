/** Tests of the parts of the lab that need no namespaces. */
@NullMarked
package dev.rallypoint.loadtest.lab;

import org.jspecify.annotations.NullMarked;
