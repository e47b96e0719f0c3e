package dev.rallypoint.app.backup;

import java.io.IOException;
import java.nio.file.Files;
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
    @Nullable PosixFileAttributeView view = view(folder);
    if (view == null) {
      return new FileOwner(Optional.empty(), Optional.empty());
    }
    PosixFileAttributes attributes = view.readAttributes();
    return new FileOwner(Optional.of(attributes.owner()), Optional.of(attributes.group()));
  }

  /** Gives it a file, where there is one and it belongs to another; only root may do that. */
  void takes(Path file) throws IOException {
    @Nullable PosixFileAttributeView view = view(file);
    if (view != null
        && user.isPresent()
        && group.isPresent()
        && Files.exists(file)
        && !view.getOwner().equals(user.get())) {
      view.setOwner(user.get());
      view.setGroup(group.get());
    }
  }

  private static @Nullable PosixFileAttributeView view(Path file) {
    return Files.getFileAttributeView(file, PosixFileAttributeView.class);
  }
}
