// What mediasoup-worker calls of libsrtp 3, over the libsrtp 2 that distributions have. No more than that: one key for
// each policy, and no MKI.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

// A policy is an opaque pointer in libsrtp 3 and a plain struct in libsrtp 2: theirs gets another name first.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

// The two errors that libsrtp 2 lacks, with libsrtp 3's values.
constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

// libsrtp 2 keeps a pointer to the key until the session exists: the key lives with its policy.
struct srtp3_policy
{
	srtp2_policy_t policy{};
	uint8_t keyAndSalt[SRTP_MAX_KEY_LEN]{};
};
using srtp_policy_t = srtp3_policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* created)
{
	*created = new (std::nothrow) srtp3_policy();
	return *created ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	if (!policy)
	{
		return;
	}
	// No key stays behind in freed memory; volatile keeps the compiler from leaving this out.
	volatile uint8_t* secret = policy->keyAndSalt;
	for (size_t index = 0; index < sizeof(policy->keyAndSalt); ++index)
	{
		secret[index] = 0;
	}
	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->policy.ssrc = ssrc;
	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	const auto error = srtp_crypto_policy_set_from_profile_for_rtp(&policy->policy.rtp, profile);
	return error ? error : srtp_crypto_policy_set_from_profile_for_rtcp(&policy->policy.rtcp, profile);
}

inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLength,
  const uint8_t* salt,
  size_t saltLength,
  const uint8_t* /*mki*/,
  size_t mkiLength)
{
	const bool second = policy->policy.key != nullptr;
	if (second || mkiLength > 0 || keyLength + saltLength > sizeof(policy->keyAndSalt))
	{
		return srtp_err_status_bad_param;
	}
	std::memcpy(policy->keyAndSalt, key, keyLength);
	std::memcpy(policy->keyAndSalt + keyLength, salt, saltLength);
	policy->policy.key = policy->keyAndSalt;
	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->policy.allow_repeat_tx = allow ? 1 : 0;
	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t packets)
{
	policy->policy.window_size = static_cast<unsigned long>(packets);
	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	return srtp_create(session, static_cast<const srtp2_policy_t*>(&policy->policy));
}

// mediasoup hands the SSRC over in network byte order, which is libsrtp 2's here.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

// libsrtp 2 works in place, libsrtp 3 from one buffer into another, which may be the same. `*toLength` is the room in `to`,
// and then what was written. `growth` is the most that the result may be longer.
inline srtp_err_status_t srtp3_apply(
  srtp_err_status_t (*inPlace)(srtp_t, void*, int*),
  srtp_t session,
  const uint8_t* from,
  size_t fromLength,
  uint8_t* to,
  size_t* toLength,
  size_t growth)
{
	if (fromLength + growth > *toLength)
	{
		return srtp_err_status_buffer_small;
	}
	if (from != to)
	{
		std::memmove(to, from, fromLength);
	}
	int length       = static_cast<int>(fromLength);
	const auto error = inPlace(session, to, &length);
	if (!error)
	{
		*toLength = static_cast<size_t>(length);
	}
	return error;
}

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLength, uint8_t* srtp, size_t* srtpLength, size_t /*mkiIndex*/)
{
	return srtp3_apply(::srtp_protect, session, rtp, rtpLength, srtp, srtpLength, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLength, uint8_t* rtp, size_t* rtpLength)
{
	return srtp3_apply(::srtp_unprotect, session, srtp, srtpLength, rtp, rtpLength, 0);
}

// The index of SRTCP adds 4 bytes; without an MKI tag and index stay well below SRTP_MAX_TRAILER_LEN.
inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLength, uint8_t* srtcp, size_t* srtcpLength, size_t /*mkiIndex*/)
{
	return srtp3_apply(::srtp_protect_rtcp, session, rtcp, rtcpLength, srtcp, srtcpLength, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLength, uint8_t* rtcp, size_t* rtcpLength)
{
	return srtp3_apply(::srtp_unprotect_rtcp, session, srtcp, srtcpLength, rtcp, rtcpLength, 0);
}
