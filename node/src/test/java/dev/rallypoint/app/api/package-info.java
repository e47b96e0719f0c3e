/** What clients find where they look for an HTTP API. */
@NullMarked
package dev.rallypoint.app.api;

import org.jspecify.annotations.NullMarked;
