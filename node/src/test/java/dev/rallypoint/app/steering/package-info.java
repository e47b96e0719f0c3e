/** Tests of what operators see and steer. */
@NullMarked
package dev.rallypoint.app.steering;

import org.jspecify.annotations.NullMarked;
