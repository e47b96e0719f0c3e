/** What clients find where they look for the server's HTTP API. */
@NullMarked
package dev.rallypoint.app.api;

import org.jspecify.annotations.NullMarked;
