package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GunzipTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100_000})
  void inflatesAllMembersHoweverFewBytesArriveAtATime(int atATime) throws IOException {
    byte[] noise = new byte[200_000];
    new Random(1).nextBytes(noise);
    byte[] packed =
        joined(
            UploadTestBase.gzip("one ".getBytes(UTF_8)),
            UploadTestBase.gzip(new byte[0]),
            UploadTestBase.gzip(noise),
            new byte[600]);
    assertThat(gunzip(packed, atATime)).isEqualTo(joined("one ".getBytes(UTF_8), noise));
  }

  @Test
  void passesOverEveryOptionalHeaderField() throws IOException {
    byte[] plain = UploadTestBase.gzip("x".getBytes(UTF_8));
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 2 | 4 | 8 | 16;
    byte[] fields = {3, 0, 'a', 'b', 'c', 'n', 0, 'c', 0, 9, 9};
    byte[] packed = joined(header, fields, Arrays.copyOfRange(plain, 10, plain.length));
    assertThat(gunzip(packed, 4)).isEqualTo("x".getBytes(UTF_8));
  }

  @Test
  void everyCutIsAnError() throws IOException {
    byte[] packed = UploadTestBase.gzip("some text".getBytes(UTF_8));
    for (int length = 0; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThatThrownBy(() -> gunzip(cut, 3))
          .as("%d bytes", length)
          .isInstanceOf(ZipException.class);
    }
  }

  @Test
  void whatFollowsTheLastMemberMustBeGzipOrZeros() throws IOException {
    byte[] packed = joined(UploadTestBase.gzip("x".getBytes(UTF_8)), "sku".getBytes(UTF_8));
    assertThatThrownBy(() -> gunzip(packed, 100)).isInstanceOf(ZipException.class);
  }

  private static byte[] gunzip(byte[] packed, int atATime) throws IOException {
    InputStream slow =
        new ByteArrayInputStream(packed) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, atATime));
          }

          @Override
          public synchronized int available() {
            return 0;
          }
        };
    try (Gunzip gunzip = new Gunzip(slow)) {
      return gunzip.readAllBytes();
    }
  }

  private static byte[] joined(byte[]... arrays) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] array : arrays) {
      out.write(array);
    }
    return out.toByteArray();
  }
}
