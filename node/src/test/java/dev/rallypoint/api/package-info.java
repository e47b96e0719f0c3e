@NullUnmarked
package dev.rallypoint.api;

import org.jspecify.annotations.NullUnmarked;
