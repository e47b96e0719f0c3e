package dev.rallypoint.app.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOwnerTest {
  @TempDir Path folder;

  @Test
  void givesNothingAwayThatALinkInTheFolderLeadsTo() throws Exception {
    UserPrincipal root = Files.getOwner(folder);
    assumeTrue(root.getName().equals("root"), "only root can give files away");
    Path data = Files.createDirectory(folder.resolve("data"));
    Path secret = Files.createFile(folder.resolve("secret"));
    Path link = Files.createSymbolicLink(data.resolve("rallypoint.lock"), secret);
    UserPrincipal service =
        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    Files.setOwner(data, service);

    FileOwner.of(data).takes(link);

    assertThat(Files.getOwner(secret)).isEqualTo(root);
    assertThat(Files.getOwner(link, LinkOption.NOFOLLOW_LINKS)).isEqualTo(service);
  }
}
