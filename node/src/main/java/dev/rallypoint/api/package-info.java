/**
 * The HTTP API that clients call: which request is answered by which service, and the forms of
 * requests and answers. It serves HTTP and the calls that clients send over a connection to the ID
 * server alike.
 */
@NullMarked
package dev.rallypoint.api;

import org.jspecify.annotations.NullMarked;
