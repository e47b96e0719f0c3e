package dev.rallypoint.app.api;

import dev.rallypoint.account.Invitations;
import dev.rallypoint.store.account.InvitationTable.Invitation;
import dev.rallypoint.store.account.TokenTable.Token;
import dev.rallypoint.store.account.User.Listed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The forms in which accounts are shown to operators, without secrets. */
final class AdminAnswers {
  private AdminAnswers() {}

  /** A page of users. */
  record Users(List<UserLine> users) {}

  /** A user; the second factor is on, off, or missing though it is required. */
  record UserLine(
      String guid,
      String name,
      String email,
      String group,
      boolean enabled,
      boolean admin,
      String secondFactor,
      Activity activity) {}

  /** When a user was last there. */
  record Activity(int clients, Optional<Instant> lastLogin) {}

  /** The clients that a user is logged in with. */
  record Tokens(List<TokenLine> tokens) {}

  /** One of them. */
  record TokenLine(
      String guid, String deviceId, String client, String ip, Instant since, Instant lastUsed) {}

  /** The invitations that are good. */
  record InvitationList(List<InvitationLine> invitations) {}

  /**
   * One of them.
   *
   * @param code what the invited writes at {@code /invite}; only in the answer that makes it
   */
  record InvitationLine(
      String guid,
      String name,
      String email,
      String group,
      Instant expires,
      Optional<String> code) {}

  static Users users(List<Listed> users) {
    return new Users(users.stream().map(AdminAnswers::user).toList());
  }

  private static UserLine user(Listed listed) {
    var user = listed.user();
    boolean hasTotp = user.credentials().totp().isPresent();
    boolean isRequired = user.credentials().isTotpRequired();
    return new UserLine(
        user.guid(),
        user.name(),
        user.profile().email(),
        user.group(),
        user.isEnabled(),
        user.isAdmin(),
        hasTotp ? "on" : isRequired ? "missing" : "off",
        new Activity(listed.tokens(), listed.lastLoginAt().map(Instant::ofEpochMilli)));
  }

  static Tokens tokens(List<Token> tokens) {
    return new Tokens(
        tokens.stream()
            .map(token ->
                new TokenLine(
                    token.guid(),
                    token.device().id(),
                    token.device().client(),
                    token.device().ip(),
                    Instant.ofEpochMilli(token.createdAt()),
                    Instant.ofEpochMilli(token.lastUsedAt())))
            .toList());
  }

  static InvitationList invitations(List<Invitation> invitations) {
    return new InvitationList(
        invitations.stream().map(invitation -> line(invitation, Optional.empty())).toList());
  }

  static InvitationLine invitation(Invitations.Made made) {
    return line(made.invitation(), Optional.of(made.token()));
  }

  private static InvitationLine line(Invitation invitation, Optional<String> code) {
    return new InvitationLine(
        invitation.guid(),
        invitation.name(),
        invitation.email(),
        invitation.group(),
        Instant.ofEpochMilli(invitation.expiresAt()),
        code);
  }
}
