/**
 * Accounts: users and their groups, passwords and second factors, tokens of clients that are logged
 * in, invitations and the first administrator. It knows nothing of HTTP.
 */
@NullMarked
package dev.rallypoint.account;

import org.jspecify.annotations.NullMarked;
