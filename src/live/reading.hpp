#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trueup::live {

/// What a server said of one thing. `absent` needs proof: the same credential must have been shown the neighbourhood in
/// which the thing is missing. Everything else that is not `present` is `unknown`.
enum class ReadingState { present, absent, unknown };
std::string_view to_string(ReadingState state);  // "present", "absent", "unknown": the spelling of the fact tables

/// Why a thing is unknown, as far as the exit code cares (3 for `failed` only).
enum class UnknownKind {
  not_asked,  ///< not asked, or not with a credential that is shown the answer; the operator can change that
  failed,     ///< asked, and no answer came that can be used: a time-out, a 5xx, refused credentials, garbage
};
std::string_view to_string(UnknownKind kind);  // "not_asked", "failed"

/// A thing that could not be read. `because` is for people: what happened, and the way out; no secret, no clock time.
///
/// Codes of kind not_asked:
///   offline             --offline was given
///   no_credentials      401 or 403 to an anonymous question
///   realm_not_trusted   credentials were at hand, but the token server is on a host that nobody named
///   private_address     a loopback, private or link-local address that nobody named
///   plain_http          http:// to a host that nobody named as speaking it
///   name_unknown        the registry does not know the repository, or does not show it: the two look alike
///   not_permitted       the credential is good, and not for this: names of secrets are shown to few
///   not_offered         this kind of source does not tell it, another kind does
///   not_in_dump         a dump does not hold it, and nobody said that the dump is complete
///   invalid_reference   no registry can be asked for this: the name, tag or digest breaks the grammar
/// Codes of kind failed:
///   timed_out  unreachable  tls_failed  cut_off  over_limit  malformed  redirect_refused  rate_limited
///   refused_credentials     credentials were sent and refused, or do not suffice for this (403)
///   invalid_credentials     a token was sent that the server does not take at all (401)
///   other_bytes             the bytes do not have the digest that was asked for or announced
///   inconsistent            two answers of one server contradict each other
///   empty_list              a server shows nothing at all, which is what a credential that may see nothing gets
///   not_recorded            --replay, and the recording has no answer to this
///   http_NNN                any other status, "http_503"
struct Unknown {
  UnknownKind kind = UnknownKind::failed;
  std::string code;
  std::string because;
  friend bool operator==(const Unknown&, const Unknown&) = default;
};

/// The kind that belongs to a code: the table above, and `failed` for codes that are not in it.
UnknownKind unknown_kind(std::string_view code);
/// An Unknown with the kind of its code.
Unknown unknown(std::string code, std::string because);

/// Whom an answer is from and when it was given.
struct Provenance {
  std::string address;          ///< URL that was asked, without secrets; empty if nothing was asked
  std::string asked_at;         ///< RFC 3339, UTC, whole seconds: "2026-11-21T10:45:39Z"; empty if nothing was asked
  bool from_recording = false;  ///< --replay: the time is that of the recording
  friend bool operator==(const Provenance&, const Provenance&) = default;
};

}  // namespace trueup::live
