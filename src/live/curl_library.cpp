#include "live/curl_library.hpp"

#include <dlfcn.h>

namespace trueup::live {

namespace {

class Loader {
 public:
  Loader() : handle_(::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL)), complete_(handle_ != nullptr) {}

  template <typename Function>
  void find(const char* name, Function& function) {
    void* symbol = handle_ ? ::dlsym(handle_, name) : nullptr;
    function = reinterpret_cast<Function>(symbol);
    complete_ = complete_ && symbol;
  }
  bool complete() const { return complete_; }

 private:
  void* handle_;  // never closed: its threads and exit handlers may outlive every object here
  bool complete_;
};

bool load(CurlLibrary& library) {
  Loader loader;
  loader.find("curl_global_init", library.global_init);
  loader.find("curl_easy_init", library.easy_init);
  loader.find("curl_easy_cleanup", library.easy_cleanup);
  loader.find("curl_easy_setopt", library.easy_setopt);
  loader.find("curl_easy_getinfo", library.easy_getinfo);
  loader.find("curl_easy_pause", library.easy_pause);
  loader.find("curl_easy_strerror", library.easy_strerror);
  loader.find("curl_slist_append", library.slist_append);
  loader.find("curl_slist_free_all", library.slist_free_all);
  loader.find("curl_multi_init", library.multi_init);
  loader.find("curl_multi_cleanup", library.multi_cleanup);
  loader.find("curl_multi_add_handle", library.multi_add_handle);
  loader.find("curl_multi_remove_handle", library.multi_remove_handle);
  loader.find("curl_multi_perform", library.multi_perform);
  loader.find("curl_multi_info_read", library.multi_info_read);
  loader.find("curl_multi_poll", library.multi_poll);
  loader.find("curl_multi_wakeup", library.multi_wakeup);
  return loader.complete() && library.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

}  // namespace

const CurlLibrary* curl_library() {
  static CurlLibrary library;
  static const bool loaded = load(library);
  return loaded ? &library : nullptr;
}

}  // namespace trueup::live
