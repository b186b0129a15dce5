#include "tests/download/local_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <sstream>
#include <stdexcept>

namespace enxerto::testing {
namespace {

constexpr char kTlsGreeting = 0x16;  // which is not understood here

void send_all(int connection, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t count = ::send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

std::string receive_head(int connection) {
  std::string head;
  char letter = 0;
  while (!head.ends_with("\r\n\r\n") && head.size() < 65536) {
    if (::recv(connection, &letter, 1, 0) != 1 || letter == kTlsGreeting) return "";
    head += letter;
  }
  return head;
}

Asked parse(const std::string& head) {
  std::istringstream lines(head);
  Asked asked;
  lines >> asked.method >> asked.target;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    std::string value = line.substr(colon + 2);
    while (!value.empty() && value.back() == '\r') value.pop_back();
    asked.headers[name] = value;
  }
  return asked;
}

}  // namespace

LocalServer::LocalServer(Handler handler) : handler_(std::move(handler)) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(where);
  if (socket_ < 0 || ::bind(socket_, reinterpret_cast<sockaddr*>(&where), size) != 0 || ::listen(socket_, 16) != 0 ||
      ::getsockname(socket_, reinterpret_cast<sockaddr*>(&where), &size) != 0)
    throw std::runtime_error("no local server");
  port_ = ntohs(where.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

LocalServer::~LocalServer() {
  stop_ = true;
  acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  ::close(socket_);
}

std::string LocalServer::address() const { return "http://127.0.0.1:" + std::to_string(port_); }

std::vector<Asked> LocalServer::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

void LocalServer::accept_all() {
  while (!stop_) {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, 10) <= 0) continue;
    const int connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) connections_.emplace_back([this, connection] { answer(connection); });
  }
}

void LocalServer::answer(int connection) {
  const timeval patience{.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  if (const std::string head = receive_head(connection); !head.empty()) {
    const Asked asked = parse(head);
    {
      const std::lock_guard lock(mutex_);
      asked_.push_back(asked);
    }
    const Reply reply = handler_(asked);
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " .\r\nConnection: close\r\n";
    for (const std::string& header : reply.headers) text += header + "\r\n";
    const std::size_t length = reply.claimed == std::string::npos ? reply.body.size() : reply.claimed;
    if (reply.says_length) text += "Content-Length: " + std::to_string(length) + "\r\n";
    send_all(connection, text + "\r\n");
    for (int waited = 0; waited < reply.stall_ms && !stop_; waited += 10)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (asked.method != "HEAD") send_all(connection, reply.body.substr(0, reply.stop_after));
  }
  ::shutdown(connection, SHUT_WR);
  char rest = 0;
  while (::recv(connection, &rest, 1, 0) > 0) continue;
  ::close(connection);
}

Reply file_reply(const Asked& asked, const std::string& body, const std::string& etag) {
  Reply reply;
  reply.headers = {"ETag: " + etag, "Content-Type: application/octet-stream"};
  const auto range = asked.headers.find("range"), condition = asked.headers.find("if-range");
  if (range == asked.headers.end() || (condition != asked.headers.end() && condition->second != etag)) {
    reply.body = body;
    return reply;
  }
  const std::size_t from = std::stoul(range->second.substr(std::string("bytes=").size()));
  if (from >= body.size()) return {.status = 416};
  reply.status = 206;
  reply.body = body.substr(from);
  reply.headers.push_back("Content-Range: bytes " + std::to_string(from) + "-" + std::to_string(body.size() - 1) + "/" +
                          std::to_string(body.size()));
  return reply;
}

std::string noise(std::size_t size, unsigned seed) {
  std::string bytes(size, '\0');
  unsigned state = seed;
  for (char& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<char>(state >> 24U);
  }
  return bytes;
}

}  // namespace enxerto::testing
