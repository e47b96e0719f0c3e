/** What an operator is told of registrations: addresses that are hidden, ips that change. */
@NullMarked
package dev.rallypoint.registration.notice;

import org.jspecify.annotations.NullMarked;
