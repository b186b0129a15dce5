#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace enxerto::testing {

struct Asked {
  std::string method, target;
  std::map<std::string, std::string> headers;  ///< names in lower case
};

struct Reply {
  int status = 200;
  std::vector<std::string> headers = {};  ///< "ETag: \"1\""
  std::string body = {};
  std::size_t claimed = std::string::npos;     ///< Content-Length, where it is not the body's
  std::size_t stop_after = std::string::npos;  ///< bytes of the body, then the connection ends
  bool says_length = true;
  int stall_ms = 0;  ///< before the body
};

/// An HTTP server on a port of its own of the loopback device, which can do everything that a good library forbids:
/// lie about lengths, break off, send parts that nobody asked for. Stops with the object.
class LocalServer {
 public:
  using Handler = std::function<Reply(const Asked&)>;
  explicit LocalServer(Handler handler);
  ~LocalServer();
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  std::string address() const;  ///< "http://127.0.0.1:PORT"
  std::vector<Asked> asked() const;

 private:
  void accept_all();
  void answer(int connection);

  Handler handler_;
  int socket_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;
  std::vector<Asked> asked_;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

/// `body` as a server does that can continue: 206 for a Range whose If-Range is `etag`, else the whole.
Reply file_reply(const Asked& asked, const std::string& body, const std::string& etag);

/// Bytes that follow no short pattern.
std::string noise(std::size_t size, unsigned seed = 1);

}  // namespace enxerto::testing
