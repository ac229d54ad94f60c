-- For wrk: questions in turn about users who are there. usage: wrk -s questions.lua URL -- KEY BATCH
local requests = {}
local at = 0

local function question(n)
    return string.format(
        '{"subject":{"type":"user","id":"user-%d@bench.test"},"action":{"name":"%s"},'
            .. '"resource":{"type":"api","id":"api-%d"},"context":{"region":"eu"}}',
        n % 10000 + 1, n % 2 == 0 and "view" or "delete", n * 7 % 1000 + 1)
end

function init(arguments)
    local key, batch = arguments[1], tonumber(arguments[2])
    local headers = { ["Authorization"] = "Bearer " .. key, ["Content-Type"] = "application/json" }
    for n = 1, batch == 1 and 10000 or 500 do
        local body, path = question(n), "/access/v1/evaluation"
        if batch > 1 then
            local several = {}
            for i = 1, batch do several[i] = question(n * batch + i) end
            body, path = '{"evaluations":[' .. table.concat(several, ",") .. "]}", "/access/v1/evaluations"
        end
        requests[n] = wrk.format("POST", path, headers, body)
    end
end

function request()
    at = at % #requests + 1
    return requests[at]
end

function done(summary)
    local errors = summary.errors
    local wrong = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format("%d %d\n", summary.requests / (summary.duration / 1e6), wrong))
end
