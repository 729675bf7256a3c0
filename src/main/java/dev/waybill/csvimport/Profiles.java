package dev.waybill.csvimport;

import java.util.List;

/** All known file formats. The formats that are recognised most reliably come first. */
final class Profiles {

  private static final ImportProfile GENERAL = new GeneralProfile();

  private static final List<ImportProfile> ALL =
      List.of(
          new OwnListProfile(),
          new ShopifyProfile(),
          new WooCommerceProfile(),
          new MagentoProfile(),
          new GoogleMerchantProfile(),
          GENERAL);

  private Profiles() {}

  /**
   * The format of a new file.
   *
   * @param header the cells of the header, stripped
   */
  static ImportProfile of(List<String> header) {
    return ALL.stream().filter(profile -> profile.recognises(header)).findFirst().orElse(GENERAL);
  }

  /** The format with this name, or the general format if this version does not know the name. */
  static ImportProfile named(String format) {
    return ALL.stream()
        .filter(profile -> profile.format().equals(format))
        .findFirst()
        .orElse(GENERAL);
  }
}
