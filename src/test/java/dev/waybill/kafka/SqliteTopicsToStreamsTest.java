package dev.waybill.kafka;

import java.util.List;

class SqliteTopicsToStreamsTest extends TopicsToStreamsTest {

  @Override
  KafkaPod newPod(List<String> arguments) {
    return new KafkaPod(folder, arguments);
  }

  @Override
  boolean isShared() {
    return false;
  }
}
