/** Tests of the figures and verdicts of fault runs. */
@NullMarked
package dev.rallypoint.loadtest.faults;

import org.jspecify.annotations.NullMarked;
