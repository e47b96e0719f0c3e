/** Rules on devices: when two of them have one identity, and what they ask for by presets. */
@NullMarked
package dev.rallypoint.policy.device;

import org.jspecify.annotations.NullMarked;
