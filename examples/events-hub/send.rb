#!/usr/bin/env ruby
# Sends a small shop's events over UDP, with nothing but Ruby's standard library:
#
#   examples/events-hub/send.rb [COUNT] [HOST:PORT] [PER SECOND]
require 'json'
require 'socket'
require 'time'

count = Integer(ARGV[0] || 1000)
host, _, port = (ARGV[1] || '127.0.0.1:9000').rpartition(':')
rate = Float(ARGV[2] || 500)

TYPES = %w[pageview pageview pageview search order].freeze
ACCOUNTS = %w[acme globex initech].freeze
STATUSES = %w[cart paid shipped].freeze

out = UDPSocket.new
out.connect(host, port.to_i)
started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
count.times do |n|
  data = { account: ACCOUNTS[n % ACCOUNTS.size], n: n }
  data[:unq] = '1' if (n % 10).zero?
  type = TYPES[n % TYPES.size]
  data[:status] = STATUSES[n / TYPES.size % STATUSES.size] if type == 'order'
  out.send(JSON.generate(time: Time.now.utc.iso8601(3), type: type, data: data), 0)
  ahead = started + (n + 1) / rate - Process.clock_gettime(Process::CLOCK_MONOTONIC)
  sleep ahead if ahead > 0.01
end
warn "sent #{count} events to #{host}:#{port}"
