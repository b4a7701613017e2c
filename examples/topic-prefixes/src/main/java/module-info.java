module io.brokkr.example.topicprefixes {
    requires io.brokkr.spi;

    provides io.brokkr.spi.security.AuthorizerFactory with
            io.brokkr.example.topicprefixes.TopicPrefixes;
}
