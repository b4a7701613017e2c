package io.brokkr.plugin.assemble;

/** What a Debian package brings besides the broker: its service, and what is done when it comes and goes. */
final class DebianScripts {

    static final String SERVICE =
            """
            [Unit]
            Description=Brokkr, a Kafka-compatible broker
            After=network.target

            [Service]
            User=brokkr
            WorkingDirectory=/var/lib/brokkr
            ExecStart=/opt/brokkr/bin/brokkr start
            # A Java program that was asked to end.
            SuccessExitStatus=143
            Restart=on-failure
            LimitNOFILE=100000

            [Install]
            WantedBy=multi-user.target
            """;

    static final String AFTER_INSTALLATION =
            """
            #!/bin/sh
            set -e
            if [ "$1" = configure ]; then
                getent passwd brokkr >/dev/null || useradd --system --user-group \\
                    --home-dir /var/lib/brokkr --no-create-home --shell /usr/sbin/nologin brokkr
                install -d -o brokkr -g brokkr -m 0750 /var/lib/brokkr
                # Makes later starts faster, and the broker works without.
                /opt/brokkr/bin/brokkr prepare || true
                [ ! -d /run/systemd/system ] || systemctl daemon-reload
            fi
            """;

    static final String BEFORE_REMOVAL =
            """
            #!/bin/sh
            set -e
            if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
                systemctl stop brokkr.service || true
            fi
            rm -f /opt/brokkr/lib/brokkr.jsa /opt/brokkr/runtime/lib/server/classes.jsa
            """;

    static final String AFTER_REMOVAL =
            """
            #!/bin/sh
            set -e
            [ ! -d /run/systemd/system ] || systemctl daemon-reload
            """;

    private DebianScripts() {}
}
