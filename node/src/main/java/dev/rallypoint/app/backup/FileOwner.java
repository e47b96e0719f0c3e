package dev.rallypoint.app.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The user and group that a folder belongs to, where the file system knows them. */
record FileOwner(Optional<UserPrincipal> user, Optional<GroupPrincipal> group) {
  static FileOwner of(Path folder) throws IOException {
    @Nullable PosixFileAttributeView view =
        Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    if (view == null) {
      return new FileOwner(Optional.empty(), Optional.empty());
    }
    PosixFileAttributes attributes = view.readAttributes();
    return new FileOwner(Optional.of(attributes.owner()), Optional.of(attributes.group()));
  }

  /**
   * Gives it a file, where there is one and it belongs to another; only root may do that. A link is
   * given, not the file that it leads to: the owner of the folder may have made it.
   */
  void takes(Path file) throws IOException {
    @Nullable PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view != null
        && user.isPresent()
        && group.isPresent()
        && Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !view.getOwner().equals(user.get())) {
      view.setOwner(user.get());
      view.setGroup(group.get());
    }
  }
}
