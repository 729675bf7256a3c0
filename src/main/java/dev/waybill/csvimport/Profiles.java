package dev.waybill.csvimport;

import java.util.List;

/** The formats that are known, the surest first. */
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

  /** The format by its name; the general one for a name that this version does not know. */
  static ImportProfile named(String format) {
    return ALL.stream()
        .filter(profile -> profile.format().equals(format))
        .findFirst()
        .orElse(GENERAL);
  }
}
