/** The APIs of those who administer topics: create, change, describe and delete topics, their settings, their records and where they are kept; and the command that moves topics from one storage engine to another. */
module io.brokkr.plugin.topicadmin {
    requires io.brokkr.spi;
    requires static org.jspecify;

    provides io.brokkr.spi.ApiHandlerFactory with
            io.brokkr.plugin.topicadmin.TopicAdminHandlers;
    provides io.brokkr.spi.CommandLineTool with
            io.brokkr.plugin.topicadmin.MoveTopicCommand;
}
