/** Tests of the rules about honest clients. */
@NullMarked
package dev.rallypoint.loadtest.attacks;

import org.jspecify.annotations.NullMarked;
