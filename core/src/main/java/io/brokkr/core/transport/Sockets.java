package io.brokkr.core.transport;

import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** How the operating system is asked for sockets. */
enum Sockets {

    /** Linux's own way, through native code: less work a request, and no garbage a wake-up. */
    EPOLL {
        @Override
        IoHandlerFactory handlers() {
            return EpollIoHandler.newFactory();
        }

        @Override
        ChannelFactory<ServerSocketChannel> acceptors() {
            return EpollServerSocketChannel::new;
        }
    },

    /** The JDK's way, everywhere. */
    NIO {
        @Override
        IoHandlerFactory handlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        ChannelFactory<ServerSocketChannel> acceptors() {
            return NioServerSocketChannel::new;
        }
    };

    /** The better of those that work here. */
    static Sockets best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    abstract IoHandlerFactory handlers();

    abstract ChannelFactory<ServerSocketChannel> acceptors();
}
