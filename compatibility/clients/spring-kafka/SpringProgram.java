import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A Spring application: {@code <test> <bootstrap server> <prefix>}. Test {@code listens} makes a topic by way of KafkaAdmin, sends with a
 * KafkaTemplate, and receives with a KafkaListener of three threads.
 */
public final class SpringProgram {
    private static final int RECORDS = 500;
    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

    private SpringProgram() {}

    /** See the class. */
    public static void main(String[] arguments) {
        Thread watch = new Thread(SpringProgram::endAfterLimit);
        watch.setDaemon(true);
        watch.start();
        System.setProperty("bootstrap", arguments[1]);
        System.setProperty("topic", arguments[2] + "-" + arguments[0]);
        try {
            listens();
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static void listens() throws Exception {
        List<String> sent = IntStream.range(0, RECORDS).mapToObj(number -> "record " + number).collect(Collectors.toList());
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Application.class)) {
            @SuppressWarnings("unchecked")
            KafkaTemplate<String, String> template = context.getBean(KafkaTemplate.class);
            for (String value : sent) {
                template.sendDefault(value, value).get(10, TimeUnit.SECONDS);
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (SEEN.size() < RECORDS) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(SEEN.size() + " of " + RECORDS + " records came");
                }
                Thread.sleep(20);
            }
        }
        if (!SEEN.stream().sorted().collect(Collectors.toList()).equals(sent.stream().sorted().collect(Collectors.toList()))) {
            throw new AssertionError("other records came than were sent");
        }
    }

    private static void endAfterLimit() {
        try {
            Thread.sleep(80_000);
        } catch (InterruptedException e) {
            return;
        }
        System.err.println("hangs: no end within 80 s");
        Runtime.getRuntime().halt(2);
    }

    /** The application's beans. */
    @Configuration
    @EnableKafka
    public static class Application {
        private final Map<String, Object> server = Map.of("bootstrap.servers", System.getProperty("bootstrap"));

        /** Makes the topics that are beans. */
        @Bean
        public KafkaAdmin admin() {
            KafkaAdmin admin = new KafkaAdmin(server);
            admin.setFatalIfBrokerNotAvailable(true);
            return admin;
        }

        /** The test's topic. */
        @Bean
        public NewTopic topic() {
            return TopicBuilder.name(System.getProperty("topic")).partitions(3).replicas(1).build();
        }

        /** Sends to the test's topic. */
        @Bean
        public KafkaTemplate<String, String> template() {
            KafkaTemplate<String, String> template = new KafkaTemplate<>(
                    new DefaultKafkaProducerFactory<>(server, new StringSerializer(), new StringSerializer()));
            template.setDefaultTopic(System.getProperty("topic"));
            return template;
        }

        /** What listeners consume with. */
        @Bean
        public ConsumerFactory<String, String> consumers() {
            Map<String, Object> settings =
                    Map.of("bootstrap.servers", System.getProperty("bootstrap"), "auto.offset.reset", "earliest");
            return new DefaultKafkaConsumerFactory<>(settings, new StringDeserializer(), new StringDeserializer());
        }

        /** Three threads for each listener. */
        @Bean
        public ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory(
                ConsumerFactory<String, String> consumers) {
            ConcurrentKafkaListenerContainerFactory<String, String> factory = new ConcurrentKafkaListenerContainerFactory<>();
            factory.setConsumerFactory(consumers);
            factory.setConcurrency(3);
            return factory;
        }

        /** Takes a record. */
        @KafkaListener(id = "${topic}-group", topics = "${topic}")
        public void listen(String value) {
            SEEN.add(value);
        }
    }
}
