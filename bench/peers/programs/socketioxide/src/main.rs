// socketioxide behind axum: the same room server as bench/peers/programs/socketio.ts, in Rust. It stores nothing.
use axum::Router;
use serde_json::Value;
use socketioxide::{
    SocketIo, TransportType,
    extract::{Data, SocketRef},
};

async fn say(Data((room, text)): Data<(String, String)>, io: SocketIo) {
    let _ = io.to(room).emit("message", &text).await;
}

async fn connected(socket: SocketRef, Data(auth): Data<Value>) {
    for room in auth["rooms"].as_array().into_iter().flatten() {
        if let Some(room) = room.as_str() {
            socket.join(room.to_owned());
        }
    }
    socket.on("say", say);
}

#[tokio::main]
async fn main() {
    // With its buffer of 128 packets a connection that is behind by 512 messages would lose some: it is given room for them.
    let (layer, io) = SocketIo::builder()
        .transports([TransportType::Websocket])
        .max_buffer_size(4096)
        .build_layer();
    io.ns("/", connected);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("listening on http://localhost:{}", listener.local_addr().expect("an address").port());
    axum::serve(listener, Router::new().layer(layer)).await.expect("to serve");
}
